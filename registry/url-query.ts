/** Names of parameters that hold secrets, in addresses of hosted servers and in what is written down of them. */
const SECRET_PARAMETER = String.raw`[?&][\w.-]*(?:token|key|secret|password|sig|signature|session_?id)=`;
const MARK = '[set]';

/** The values of parameters that are named like secrets, as they stand in the address and decoded. */
export function secretsInQuery(url: string): readonly string[] {
  const raw = url.matchAll(new RegExp(`${SECRET_PARAMETER}([^&#]*)`, 'gi'));
  return [...raw].flatMap(([, value = '']) => {
    const [decoded = ''] = new URLSearchParams(`v=${value}`).values();
    return [value, decoded];
  });
}

/** A text without what follows such parameters in addresses. @param mark what stands there instead */
export function withoutSecretParameters(text: string, mark: string): string {
  return text.replaceAll(new RegExp(`(${SECRET_PARAMETER})[^&\\s"']+`, 'gi'), `$1${mark}`);
}

/** An address without the values in its query, whatever their names: any of them may let its holder in. */
export function withoutQueryValues(url: string): string {
  const at = url.indexOf('?');
  if (at === -1) return url;
  const shown = url
    .slice(at + 1)
    .split('&')
    .map((parameter) => {
      const end = parameter.indexOf('=');
      return end === -1 ? MARK : `${parameter.slice(0, end)}=${MARK}`;
    });
  return `${url.slice(0, at)}?${shown.join('&')}`;
}
