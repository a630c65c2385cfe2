import { z } from 'zod';

// zod compiles its checks with `new Function`, which the policy of the page forbids, unless it is told before the first
// of them is made.
z.config({ jitless: true });
