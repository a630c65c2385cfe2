import { useMemo, useState } from 'react';
import type { JsonSchema } from '../tools/json-schema';
import { formProblem } from './form-problem';
import { readArguments } from './read-arguments';

export type Mode = 'form' | 'json';

/** The arguments that somebody is about to give, in a form or as JSON; each way goes on where the other was left. */
export function useArguments(schema: JsonSchema) {
  const schemaProblem = useMemo(() => formProblem(schema), [schema]);
  const [isBroken, setBroken] = useState(false);
  const [mode, setMode] = useState<Mode>('form');
  const [value, setValue] = useState<JsonSchema>({});
  const [text, setText] = useState('{}');
  const problem =
    schemaProblem ?? (isBroken ? 'The form cannot show the schema of this tool.' : undefined);

  const fill = (next: JsonSchema) => {
    setValue(next);
    setText(JSON.stringify(next, null, 2));
  };
  return {
    /** Why there is no form. */
    problem,
    isForm: mode === 'form' && problem === undefined,
    mode,
    value,
    text,
    /** Of the text; undefined while it is not JSON. */
    typed: readArguments(text).value,
    setValue,
    setText,
    fill,
    giveUpForm: () => setBroken(true),
    changeMode: (next: Mode) => {
      if (next === 'json') setText(JSON.stringify(value, null, 2));
      else setValue(readArguments(text).value ?? value);
      setMode(next);
    },
  };
}
