/** Of length 1, so that the product of two is the cosine of their angle; undefined when that cannot be. */
export function unitVector(numbers: readonly number[] | Float32Array): Float32Array | undefined {
  const length = Math.hypot(...numbers);
  if (!(length > 0) || length === Infinity) return undefined;
  return Float32Array.from(numbers, (value) => value / length);
}

/** Between vectors of one length; a product with it is, but for a factor, the mean of the products with them. */
export function meanVector(vectors: readonly Float32Array[]): Float32Array | undefined {
  const [first] = vectors;
  if (first === undefined) return undefined;
  const sum = first.map((_, at) => vectors.reduce((total, vector) => total + (vector[at] ?? 0), 0));
  return unitVector(sum);
}
