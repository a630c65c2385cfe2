import { assemble } from './assemble.js';
import { ConfigError, type Config } from './config.js';
import { crossCheck } from './cross-check.js';
import { settingsSchema } from './settings-schema.js';
import { shownSettings, type Environment } from './shown-settings.js';

/**
 * Reads and checks the environment.
 * @throws ConfigError with every problem at once
 */
export function readConfig(environment: Environment = process.env): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const parsed = settingsSchema.safeParse(given);
  const problems = (parsed.error?.issues ?? []).map((issue) => ({
    field: issue.path.join('.'),
    message: issue.message,
  }));
  const wrong = new Set(problems.map(({ field }) => field));
  const sound = Object.entries(given).filter(([name]) => !wrong.has(name));
  const env = parsed.data ?? settingsSchema.parse(Object.fromEntries(sound));
  problems.push(...crossCheck(env, wrong));
  if (problems.length > 0) throw new ConfigError(problems);
  const config = assemble(env);
  return Object.freeze({ ...config, settings: shownSettings(given, env, config) });
}
