import { DDSketch } from '@datadog/sketches-js';

/** Percentiles are wrong by this share at most. */
const RELATIVE_ACCURACY = 0.02;
/** nginx measures in milliseconds, so that what took less than one took some half of it. */
const LEAST_MS = 0.5;
const MOST_MS = 3_600_000;

/** How many calls took how long: counts by bins of a DDSketch, few of which are ever used by one tool. */
export type LatencyBins = Map<number, number>;

const { mapping } = new DDSketch({ relativeAccuracy: RELATIVE_ACCURACY });

export function latencyBin(ms: number): number {
  return mapping.key(Math.min(Math.max(ms, LEAST_MS), MOST_MS));
}

/** As it is kept: bin, count, bin, count ... */
export function flatBins(bins: LatencyBins): number[] {
  const flat: number[] = [];
  for (const [bin, count] of bins) flat.push(bin, count);
  return flat;
}

/** Adds what `flatBins` gave to a sketch of many. */
export function mergeBins(sketch: DDSketch, flat: readonly number[]): void {
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const [bin = 0, count = 0] = [flat[at], flat[at + 1]];
    sketch.store.add(bin, count);
    sketch.count += count;
  }
}

export function readBins(flat: readonly number[]): LatencyBins {
  const bins: LatencyBins = new Map();
  for (let at = 0; at + 1 < flat.length; at += 2) bins.set(flat[at] ?? 0, flat[at + 1] ?? 0);
  return bins;
}

export function newSketch(): DDSketch {
  return new DDSketch({ relativeAccuracy: RELATIVE_ACCURACY });
}

/** @returns milliseconds to a tenth; null when nothing was measured */
export function percentile(sketch: DDSketch, quantile: number): number | null {
  if (sketch.count === 0) return null;
  return Math.round(sketch.getValueAtQuantile(quantile) * 10) / 10;
}
