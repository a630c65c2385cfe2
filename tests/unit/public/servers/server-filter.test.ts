import { describe, expect, it } from '@jest/globals';
import {
  countStatuses,
  facetsOf,
  filterServers,
  NO_FILTER,
  type ServerFilter,
} from '../../../../public/pages/servers/server-filter';
import { summary } from '../summaries';

const servers = [
  summary('/weather', {
    description: 'Forecasts for Europe',
    tags: ['prod', 'geo'],
    era: 'modern',
    detectedTransport: 'streamable-http',
  }),
  summary('/maps', { tags: ['geo'], owner: 'ada', transport: 'sse', enabled: false }),
  summary('/broken', {
    tags: ['prod'],
    era: 'legacy',
    health: { reachable: 'no', usable: 'error', message: 'Connection refused' },
  }),
  summary('/left-out', {
    exclusion: { reason: 'refused-by-nginx', detail: 'unexpected "}"' },
  }),
];
const shown = (change: Partial<ServerFilter>) =>
  filterServers(servers, { ...NO_FILTER, ...change }).shown.map(({ path }) => path);

describe('the filter of the server list', () => {
  it.each<[string, Partial<ServerFilter>, string[]]>([
    ['nothing', {}, ['/weather', '/maps', '/broken', '/left-out']],
    ['enabled', { status: 'enabled' }, ['/weather', '/broken', '/left-out']],
    ['disabled', { status: 'disabled' }, ['/maps']],
    ['issues', { status: 'issues' }, ['/broken', '/left-out']],
    ['a tag', { tags: ['geo'] }, ['/weather', '/maps']],
    ['all tags at once', { tags: ['geo', 'prod'] }, ['/weather']],
    ['an owner', { owner: 'ada' }, ['/maps']],
    ['an era', { era: 'legacy' }, ['/broken']],
    ['a transport that was found', { transport: 'streamable-http' }, ['/weather']],
    ['a transport that was told', { transport: 'sse' }, ['/maps']],
    ['words of the description', { query: '  EUROPE forecasts ' }, ['/weather']],
    ['a part of the path', { query: 'roke' }, ['/broken']],
    ['a part of the address', { query: 'upstream.example/maps' }, ['/maps']],
    ['words and tags together', { query: 'weather', tags: ['prod'] }, ['/weather']],
    ['what none is', { query: 'weather', owner: 'ada' }, []],
  ])('by %s', (_name, change, expected) => {
    expect(shown(change)).toEqual(expected);
  });

  it('counts the statuses among what else is asked for', () => {
    const { inScope } = filterServers(servers, { ...NO_FILTER, status: 'issues', tags: ['prod'] });
    expect(countStatuses(inScope)).toEqual({ all: 2, enabled: 2, disabled: 0, issues: 1 });
  });

  it('offers each value once, in order, and none that is not known', () => {
    expect(facetsOf(servers)).toEqual({
      tags: ['geo', 'prod'],
      owners: ['ada', 'admin'],
      eras: ['legacy', 'modern'],
      transports: ['sse', 'streamable-http'],
    });
  });
});
