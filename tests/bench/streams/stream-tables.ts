import { section } from '../markdown-table.js';
import type { StreamsResult } from './measure-streams.js';

export function streamsSections({ idle, events, slow }: StreamsResult): string {
  return [
    section(
      'Streams on which nothing is sent',
      ['way', 'streams', 'refused', 'nginx kB per stream'],
      idle.map(({ name, streams, refused, kilobytesEach }) => [
        ...[name, String(streams), String(refused)],
        kilobytesEach.toFixed(1),
      ]),
    ),
    section(
      'An event every 10 ms, on one stream',
      ['way', 'events', 'first event ms', 'late by: p50 ms', 'p99 ms'],
      events.map(({ name, events: count, firstMs, p50, p99 }) => [
        ...[name, String(count), firstMs.toFixed(1)],
        ...[p50, p99].map((ms) => ms.toFixed(2)),
      ]),
    ),
    section(
      'A thousand calls at a time, answered after a second',
      ['way', 'calls', 'failures', 'late by: p50 ms', 'p99 ms', 'nginx CPU us/call'],
      slow.map(({ name, calls, failures, p50, p99, cpu }) => [
        ...[name, String(calls), String(failures)],
        ...[p50, p99, cpu].map((value) => value.toFixed(0)),
      ]),
    ),
  ].join('\n');
}
