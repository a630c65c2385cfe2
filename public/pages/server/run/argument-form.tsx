import { Text } from '@mantine/core';
import { Form } from '@rjsf/mantine';
import type {
  RJSFSchema,
  UiSchema,
  WidgetProps,
  RegistryFieldsType,
  RegistryWidgetsType,
} from '@rjsf/utils';
import { useMemo, type ComponentType, type ReactNode } from 'react';
import type { JsonSchema } from '../tools/json-schema';
import classes from './argument-form.module.css';
import { formValidator } from './form-validator';
import { ANY_VALUE, tameSchema } from './tame-schema';
import { withRequiredObjects } from './with-required-objects';
import { AnyValueField } from './any-value-field';
import { PartErrors } from './part-errors';
import { PlainWidget } from './plain-widget';

const UI: UiSchema = { 'ui:submitButtonOptions': { norender: true } };

/** Dates, colours and files are typed in the form in which the tool gets them. */
const WIDGETS: RegistryWidgetsType = Object.fromEntries(
  ['DateWidget', 'DateTimeWidget', 'TimeWidget', 'ColorWidget', 'FileWidget', 'AltDateWidget'].map(
    (name) => [name, PlainWidget as ComponentType<WidgetProps>],
  ),
);

const TEMPLATES = { FieldErrorTemplate: PartErrors };
const FIELDS: RegistryFieldsType = { [ANY_VALUE]: AnyValueField };

/** A form for the arguments of a tool, made from its schema. It does not submit what breaks the schema. */
export function ArgumentForm(props: {
  readonly schema: JsonSchema;
  readonly value: Readonly<Record<string, unknown>>;
  readonly onChange: (value: Readonly<Record<string, unknown>>) => void;
  readonly onSubmit: (value: Readonly<Record<string, unknown>>) => void;
  /** The buttons below it. */
  readonly children: ReactNode;
}) {
  const { schema, value, onChange, onSubmit, children } = props;
  const tamed = useMemo((): RJSFSchema => {
    // The head of the tool has both already.
    const entries = Object.entries(tameSchema(schema));
    const rest = entries.filter(([word]) => word !== 'title' && word !== 'description');
    return { type: 'object', ...Object.fromEntries(rest) };
  }, [schema]);
  const hasNone = ![
    'properties',
    'additionalProperties',
    'oneOf',
    'anyOf',
    'allOf',
    '$ref',
    'if',
  ].some((word) => word in tamed && tamed[word] !== false && !isEmpty(tamed[word]));
  return (
    <div className={classes.form}>
      {hasNone && (
        <Text size="sm" c="dimmed">
          It takes no parameters.
        </Text>
      )}
      <Form
        schema={tamed}
        uiSchema={UI}
        fields={FIELDS}
        templates={TEMPLATES}
        widgets={WIDGETS}
        validator={formValidator}
        formData={value}
        idPrefix="argument"
        noHtml5Validate
        showErrorList={false}
        focusOnFirstError
        experimental_defaultFormStateBehavior={{ emptyObjectFields: 'skipEmptyDefaults' }}
        onChange={({ formData }) => onChange((formData ?? {}) as Readonly<Record<string, unknown>>)}
        // The fields say it; without this it would be written to the console as well.
        onError={() => undefined}
        onSubmit={({ formData = {} }) =>
          onSubmit(withRequiredObjects(tamed, formData as JsonSchema))
        }
      >
        {children}
      </Form>
    </div>
  );
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
