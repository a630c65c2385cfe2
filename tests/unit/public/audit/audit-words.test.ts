import { describe, expect, it } from '@jest/globals';
import {
  ACTION_CHOICES,
  actionText,
  actorText,
  subjectOf,
  targetOf,
} from '../../../../public/pages/audit/action-words';
import { AUDIT_ACTIONS } from '../../../../registry/audit/audit-entry.js';

describe('the words of the audit log', () => {
  it('has some for every action, and a choice in the filter', () => {
    const choices = ACTION_CHOICES.flatMap(({ items }) => items.map(({ value }) => value));
    for (const action of AUDIT_ACTIONS) {
      expect(actionText(action)).not.toBe(action);
      expect(choices).toContain(action);
      expect(choices).toContain(`${action.split('.')[0] ?? ''}.*`);
    }
    expect(actionText('something.new')).toBe('something.new');
  });

  it('names who did it', () => {
    expect(actorText({ kind: 'user', username: 'ada' })).toBe('ada');
    expect(actorText({ kind: 'token', username: 'ada', tokenId: '1' })).toBe('a token of ada');
    expect(actorText({ kind: 'system' })).toBe('the registry');
    expect(actorText({ kind: 'stranger' })).toBe('a stranger');
  });

  it('leads to what it was done to', () => {
    expect(targetOf({ type: 'server', id: '/time' })).toEqual({
      text: '/time',
      to: '/servers/time',
    });
    expect(targetOf({ type: 'tool', id: 'get', server: '/time' })).toEqual({
      text: 'get of /time',
      to: '/servers/time?tab=tools',
    });
    expect(targetOf({ type: 'session' })).toBeUndefined();
    expect(targetOf({ type: 'session', id: 'ada' })).toEqual({ text: 'ada' });
  });

  it('says nothing twice', () => {
    const entry = {
      id: '1',
      time: '2026-01-31T08:00:00.000Z',
      action: 'session.begin',
      actor: { kind: 'user', username: 'ada' },
      target: { type: 'session', id: 'ada' },
      outcome: 'ok',
    } as const;
    expect(subjectOf(entry)).toBeUndefined();
    const token = {
      ...entry,
      target: { type: 'token', id: '93a1' },
      after: { name: 'report' },
    } as const;
    expect(subjectOf(token)).toBe('report');
  });
});
