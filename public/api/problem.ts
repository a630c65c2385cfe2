/** One field of a request that was refused. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** An answer of the API that says no (RFC 9457). Its message is for people. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    /** 0: there was no answer. */
    readonly status: number,
    readonly code: string,
    readonly title: string,
    detail: string,
    readonly errors: readonly FieldError[] = [],
    readonly requestId?: string,
  ) {
    super(detail);
  }
}

/** Reads the problem in an answer; whatever stands there, one comes out. */
export async function problemOf(answer: Response): Promise<Problem> {
  const fallback = `The registry answered ${String(answer.status)} ${answer.statusText}`.trim();
  try {
    const body = (await answer.json()) as Partial<Record<string, unknown>>;
    const { code, title, detail, errors, requestId } = body;
    return new Problem(
      answer.status,
      typeof code === 'string' ? code : 'unknown',
      typeof title === 'string' ? title : fallback,
      typeof detail === 'string' ? detail : fallback,
      Array.isArray(errors) ? (errors as FieldError[]) : [],
      typeof requestId === 'string' ? requestId : undefined,
    );
  } catch {
    return new Problem(answer.status, 'unknown', fallback, fallback);
  }
}

/** What a person is told of something that failed. */
export function explain(error: unknown): string {
  if (error instanceof Problem) {
    const fields = error.errors.map(({ field, message }) => `${field}: ${message}`);
    // It says no more than that there are some.
    const isOfFields = error.code === 'validation-failed' && fields.length > 0;
    return [...(isOfFields ? [] : [error.message]), ...fields].join('\n');
  }
  return error instanceof Error ? error.message : String(error);
}
