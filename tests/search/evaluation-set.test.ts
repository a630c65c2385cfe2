import { expect, it } from '@jest/globals';
import { readQuestions, readToolSet } from './tool-set.js';

const servers = readToolSet();
const names = servers.flatMap(({ server, tools }) =>
  tools.map(({ name }) => `${server.path} ${name}`),
);

it('has as many servers, tools and questions as an evaluation needs', () => {
  expect(servers.length).toBeGreaterThanOrEqual(40);
  expect(names.length).toBeGreaterThanOrEqual(400);
  expect(readQuestions().length).toBeGreaterThanOrEqual(150);
  expect(new Set(names).size).toBe(names.length);
});

it('expects nothing but tools that are there', () => {
  const expected = readQuestions().flatMap((question) => question.expected);
  expect(expected.filter((name) => !names.includes(name))).toEqual([]);
});
