import type { Setting } from '../../api/settings';

/** The settings that a person looks for: every word stands in name, value or description. */
export function shownSettings(
  settings: readonly Setting[],
  query: string,
  onlySet: boolean,
): Setting[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return settings.filter((setting) => {
    if (onlySet && setting.isDefault) return false;
    const text = `${setting.name} ${setting.value ?? ''} ${setting.description}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
