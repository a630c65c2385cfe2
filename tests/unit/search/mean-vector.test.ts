import { expect, it } from '@jest/globals';
import { meanVector, unitVector } from '../../../registry/search/mean-vector.js';

it('points between the vectors, and is of length 1', () => {
  const mean = meanVector([Float32Array.of(1, 0), Float32Array.of(0, 1)]);
  expect(mean?.[0]).toBeCloseTo(Math.SQRT1_2);
  expect(mean?.[1]).toBeCloseTo(Math.SQRT1_2);
});

it('is none where there is no direction', () => {
  expect(meanVector([])).toBeUndefined();
  expect(meanVector([Float32Array.of(1, 0), Float32Array.of(-1, 0)])).toBeUndefined();
  expect(unitVector([0, 0])).toBeUndefined();
  expect(unitVector([Infinity, 1])).toBeUndefined();
});
