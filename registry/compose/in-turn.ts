/**
 * Does one after the other, the later ones also when an earlier one fails: what was started has to end.
 * @throws the first error, when all are done
 */
export async function inTurn(steps: readonly (() => unknown)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

/** Does one after the other, as long as it is not over. @throws the error of the first that fails; the rest is left */
export async function inTurnUntil(
  isOver: () => boolean,
  steps: readonly (() => unknown)[],
): Promise<void> {
  for (const step of steps) {
    if (isOver()) return;
    await step();
  }
}
