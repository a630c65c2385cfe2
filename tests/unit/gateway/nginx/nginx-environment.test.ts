import { describe, expect, it } from '@jest/globals';
import { nginxEnvironment } from '../../../../registry/gateway/nginx/nginx-environment.js';

describe('the environment of nginx', () => {
  it('is that of the registry, and has the C library keep memory', () => {
    expect(nginxEnvironment({ TZ: 'UTC' })).toEqual({
      TZ: 'UTC',
      MALLOC_MMAP_THRESHOLD_: '1048576',
      MALLOC_TRIM_THRESHOLD_: '4194304',
    });
  });

  it('says of memory what the registry was started with', () => {
    const own = { MALLOC_TRIM_THRESHOLD_: '131072' };
    expect(nginxEnvironment(own)).toMatchObject(own);
  });
});
