import { SegmentedControl, Text } from '@mantine/core';
import { lazy, Suspense, type ReactNode } from 'react';
import type { JsonSchema } from '../tools/json-schema';
import { FormFault } from './form-fault';
import { JsonEditor } from './json-editor';
import type { useArguments } from './use-arguments';

const ArgumentForm = lazy(async () => ({
  default: (await import('./argument-form')).ArgumentForm,
}));

/** The arguments of a call as a form where one can be made of the schema, and always as JSON. */
export function ArgumentEditor(props: {
  readonly schema: JsonSchema;
  readonly args: ReturnType<typeof useArguments>;
  readonly onRun: (value: JsonSchema) => void;
  /** The buttons below. */
  readonly children: ReactNode;
}) {
  const { schema, args, onRun, children } = props;
  return (
    <>
      {args.problem === undefined ? (
        <SegmentedControl
          size="xs"
          w="fit-content"
          aria-label="How to give the arguments"
          data={[
            { value: 'form', label: 'Form' },
            { value: 'json', label: 'JSON' },
          ]}
          value={args.mode}
          onChange={(next) => args.changeMode(next === 'json' ? 'json' : 'form')}
        />
      ) : (
        <Text size="sm" c="dimmed">
          {args.problem} Give the arguments as JSON.
        </Text>
      )}
      {args.isForm ? (
        <FormFault onFault={args.giveUpForm}>
          <Suspense fallback={<Text size="sm">Loading the form …</Text>}>
            <ArgumentForm
              schema={schema}
              value={args.value}
              onChange={args.setValue}
              onSubmit={onRun}
            >
              {children}
            </ArgumentForm>
          </Suspense>
        </FormFault>
      ) : (
        <>
          <JsonEditor schema={schema} text={args.text} onChange={args.setText} />
          {children}
        </>
      )}
    </>
  );
}
