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
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message })),
    );
  }
  const env = parsed.data;
  const problems = crossCheck(env);
  if (problems.length > 0) throw new ConfigError(problems);
  const config = assemble(env);
  return Object.freeze({ ...config, settings: shownSettings(given, env, config) });
}
