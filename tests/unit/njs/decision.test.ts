import { describe, expect, it } from '@jest/globals';
import decision from '../../../nginx/njs/decision.js';
import policy from '../../../nginx/njs/policy.js';

const accessWith = (tools: string[], deny: string[] = []) =>
  policy.accessTo('/a', [{ servers: ['/a'], tools, deny }]);
const listed = accessWith(['echo', 'get_*'], ['get_secret']);
const allButOne = accessWith(['*'], ['delete']);

const PASSES = 'pass';
const IS_FILTERED = 'filter';
const IS_REFUSED = expect.stringMatching(/^(?:the call|the method|this token)/);

const named = (name: unknown) => ({ method: 'tools/call', params: { name } });
const listening = (filter: object) => ({
  method: 'subscriptions/listen',
  params: { notifications: filter },
});

describe('a message', () => {
  it.each([
    // What is sent, with a list of tools, with all tools but one.
    [named('echo'), PASSES, PASSES],
    [named('get_secret'), IS_REFUSED, PASSES],
    [named('delete'), IS_REFUSED, IS_REFUSED],
    [named(undefined), IS_REFUSED, IS_REFUSED],
    [named(null), IS_REFUSED, IS_REFUSED],
    [named(7), IS_REFUSED, IS_REFUSED],
    [named(true), IS_REFUSED, IS_REFUSED],
    [named(['echo']), IS_REFUSED, IS_REFUSED],
    [{ method: 'tools/call' }, IS_REFUSED, IS_REFUSED],
    [{ method: 'tools/list' }, IS_FILTERED, IS_FILTERED],
    [{ method: 'prompts/list' }, IS_FILTERED, PASSES],
    [{ method: 'resources/list' }, IS_FILTERED, PASSES],
    [{ method: 'resources/templates/list' }, IS_FILTERED, PASSES],
    [{ method: 'prompts/get', params: { name: 'echo' } }, IS_REFUSED, PASSES],
    [{ method: 'resources/read', params: { uri: 'a:b' } }, IS_REFUSED, PASSES],
    [{ method: 'resources/subscribe', params: { uri: 'a:b' } }, IS_REFUSED, PASSES],
    [{ method: 'completion/complete', params: {} }, IS_REFUSED, PASSES],
    [{ method: 'tasks/get', params: { taskId: 'x' } }, IS_REFUSED, PASSES],
    [{ method: 'tasks/cancel', params: { taskId: 'x' } }, IS_REFUSED, PASSES],
    [{ method: 'anything/else' }, IS_REFUSED, PASSES],
    [{ method: '' }, IS_REFUSED, PASSES],
    [{ method: 'Tools/Call', params: { name: 'delete' } }, IS_REFUSED, IS_REFUSED],
    [{ method: 'tools/call ', params: { name: 'delete' } }, IS_REFUSED, IS_REFUSED],
    [listening({ toolsListChanged: true }), PASSES, PASSES],
    [listening({ resourceSubscriptions: ['a:b'] }), IS_REFUSED, PASSES],
    [listening({ RESOURCESUBSCRIPTIONS: ['a:b'] }), IS_REFUSED, PASSES],
    [{ method: 'initialize' }, PASSES, PASSES],
    [{ method: 'ping' }, PASSES, PASSES],
    [{ method: 'server/discover' }, PASSES, PASSES],
    [{ method: 'logging/setLevel' }, PASSES, PASSES],
    [{ method: 'notifications/cancelled' }, PASSES, PASSES],
    [{ id: 1, result: {} }, PASSES, PASSES],
  ])('%j', (message, forListed, forAllButOne) => {
    expect(decision.decide(message, listed)).toEqual(forListed);
    expect(decision.decide(message, allButOne)).toEqual(forAllButOne);
  });
});

describe('a list', () => {
  const lists = () => ({
    result: {
      tools: [{ name: 'echo' }, { name: 'delete' }, { name: 7 }, null],
      prompts: [{ name: 'p' }],
      resources: [{ uri: 'a:b' }],
      resourceTemplates: [{ uriTemplate: 'a:{b}' }],
      cacheScope: 'public',
    },
  });

  it('holds what a caller with a list of tools may use, and is for that caller alone', () => {
    expect(decision.filtered(lists(), listed)).toEqual({
      result: {
        tools: [{ name: 'echo' }],
        prompts: [],
        resources: [],
        resourceTemplates: [],
        cacheScope: 'private',
      },
    });
  });

  it('keeps what is no tool for a caller with all tools but some', () => {
    const { prompts, resources, resourceTemplates } = lists().result;
    expect(decision.filtered(lists(), allButOne)).toEqual({
      result: {
        tools: [{ name: 'echo' }],
        prompts,
        resources,
        resourceTemplates,
        cacheScope: 'private',
      },
    });
    const cacheable = { result: { prompts, cacheScope: 'public' } };
    expect(decision.filtered(structuredClone(cacheable), allButOne)).toEqual(cacheable);
  });
});
