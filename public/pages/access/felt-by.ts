/** Who feels it when a group goes away. */
export function feltBy(group: { readonly users: number; readonly tokens: number }): string {
  const { users, tokens } = group;
  if (users === 0 && tokens === 0) return 'No user and no token names it.';
  const counts = [count(users, 'user'), count(tokens, 'token')].filter((text) => text !== '');
  const one = users + tokens === 1;
  return `${counts.join(' and ')} ${one ? 'gets' : 'get'} nothing from it any more, from the next request on.`;
}

function count(many: number, word: string): string {
  if (many === 0) return '';
  return many === 1 ? `1 ${word}` : `${many.toLocaleString('en')} ${word}s`;
}
