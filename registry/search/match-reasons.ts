import { SEARCH_FIELDS, type SearchField } from './tool-document.js';
import { fieldNamesOf, type Fields } from './tool-terms.js';
import type { WordForm } from './word-forms.js';

const FIELD_NAMES: Readonly<Record<SearchField, string>> = {
  name: 'the name',
  title: 'the title',
  server: 'the server',
  parameters: 'the parameters',
  description: 'the description',
  parameterTexts: 'the descriptions of parameters',
};
const MAX_WORDS = 5;

/**
 * Says for people why a tool was found: `"rain", "forcast" (close to "forecast") in the name`. Of each word it tells the
 * form that counts most in that field.
 * @param terms of the tool
 * @param forms in which words were looked for, by their terms
 */
export function matchReasons(
  terms: ReadonlyMap<string, Fields>,
  forms: ReadonlyMap<string, readonly WordForm[]>,
): string[] {
  const matched: { readonly form: WordForm; readonly fields: readonly SearchField[] }[] = [];
  for (const [term, fields] of terms) {
    for (const form of forms.get(term) ?? []) {
      matched.push({ form, fields: fieldNamesOf(fields) });
    }
  }
  matched.sort((one, other) => other.form.weight - one.form.weight);
  return SEARCH_FIELDS.flatMap((field) => {
    const here = new Map<string, string>();
    for (const { form, fields } of matched) {
      if (fields.includes(field) && !here.has(form.word)) here.set(form.word, form.told);
    }
    const told = [...here.values()].slice(0, MAX_WORDS).join(', ');
    return told === '' ? [] : [`${told} in ${FIELD_NAMES[field]}`];
  });
}

/** A term may stand for several words. */
export function formsByTerm(forms: readonly WordForm[]): Map<string, WordForm[]> {
  const byTerm = new Map<string, WordForm[]>();
  for (const form of forms) {
    const others = byTerm.get(form.term);
    if (others === undefined) byTerm.set(form.term, [form]);
    else others.push(form);
  }
  return byTerm;
}
