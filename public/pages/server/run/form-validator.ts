import {
  ErrorSchemaBuilder,
  type RJSFValidationError,
  type ValidationData,
  type ValidatorType,
} from '@rjsf/utils';
import { withRequiredObjects } from './with-required-objects';
import { checkArguments, type ArgumentError } from './check-arguments';

type Arguments = Readonly<Record<string, unknown>>;

/** What the form library asks of a validator, without the eval of its own one, which the policy of this page forbids. */
export const formValidator: ValidatorType<Arguments> = {
  validateFormData: (value = {}, schema): ValidationData<Arguments> => {
    const { errors } = checkArguments(schema, withRequiredObjects(schema, value));
    const tree = new ErrorSchemaBuilder<Arguments>();
    for (const { path, message } of errors) tree.addErrors(sentence(message), [...path]);
    return { errors: errors.map(toFormError), errorSchema: tree.ErrorSchema };
  },
  isValid: (schema, value, root) => checkArguments(schema, value, root).errors.length === 0,
  rawValidation: (schema, value) => ({
    errors: checkArguments(schema, value ?? {}).errors as never[],
  }),
};

function toFormError({ path, message, keyword }: ArgumentError): RJSFValidationError {
  return {
    name: keyword,
    message: sentence(message),
    property: `.${path.join('.')}`,
    stack: `${path.join('.')} ${message}`,
  };
}

function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}`;
}
