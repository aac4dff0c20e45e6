/** A measured scenario as its file holds it. */
export interface Vector {
  readonly name: string;
  readonly steps: readonly { readonly expect?: Readonly<Record<string, unknown>> }[];
}

/** The scenario with the keys that a vector leaves out: they are null. */
export function whole<T extends { readonly steps: Vector['steps'] }>(vector: T): T {
  const steps = vector.steps.map((step) => {
    if (step.expect === undefined) return step;
    const message = step.expect['messageStarts'] === undefined ? { message: null } : {};
    return { ...step, expect: { status: null, location: null, ...message, ...step.expect } };
  });
  return { ...vector, steps };
}
