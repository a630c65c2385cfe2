import type { NginxValue } from '../plan/nginx-value.js';

/** Joins what we wrote ourselves with checked values: the literals are safe where they are used. */
export function own(strings: TemplateStringsArray, ...values: readonly NginxValue[]): NginxValue {
  return String.raw({ raw: strings.raw }, ...values) as NginxValue;
}

/** The same without a slash at its end. */
export function withoutSlash(path: NginxValue): NginxValue {
  return path.replace(/\/$/, '') as NginxValue;
}
