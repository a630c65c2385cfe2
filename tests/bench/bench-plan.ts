/** How much is measured, so that the whole stays within its time. */
export interface BenchPlan {
  readonly rounds: number;
  readonly warmUpSeconds: number;
  readonly loadSeconds: number;
  /** Numbers of connections for which the processor time of a call is compared; ascending. */
  readonly connections: readonly number[];
  readonly singleRounds: number;
  readonly singleSeconds: number;
  /** Numbers of servers for which the time of a change is taken. */
  readonly sizes: readonly number[];
  readonly changes: number;
  readonly reloadSeconds: number;
  readonly plainReloadSeconds: number;
  /** Tokens that are issued and revoked one after the other. */
  readonly tokenChanges: number;
  /** Changes that are told to those who watch. */
  readonly liveChanges: number;
  /** Of calls with many tokens. */
  readonly tokenRounds: number;
  /** Numbers of idle streams for which nginx's memory is looked at; ascending. */
  readonly streams: readonly number[];
  readonly streamEvents: number;
  /** Of a thousand slow calls each. */
  readonly slowWaves: number;
  /** Numbers of servers for which it is taken what the registry costs. */
  readonly scaleSizes: readonly number[];
  /** Of each kind, to a registry with so many servers. */
  readonly scaleRequests: number;
}

export const FULL: BenchPlan = {
  rounds: 5,
  warmUpSeconds: 1,
  loadSeconds: 3,
  connections: [8, 32, 128],
  singleRounds: 3,
  singleSeconds: 1,
  sizes: [10, 100, 1000, 5000],
  changes: 5,
  reloadSeconds: 60,
  plainReloadSeconds: 30,
  tokenChanges: 50,
  liveChanges: 30,
  tokenRounds: 3,
  streams: [1000, 4000, 8000],
  streamEvents: 1000,
  slowWaves: 3,
  scaleSizes: [10, 100, 1000, 5000],
  scaleRequests: 200,
};

export const QUICK: BenchPlan = {
  rounds: 2,
  warmUpSeconds: 1,
  loadSeconds: 1,
  connections: [8, 32],
  singleRounds: 1,
  singleSeconds: 1,
  sizes: [10, 1000],
  changes: 2,
  reloadSeconds: 10,
  plainReloadSeconds: 10,
  tokenChanges: 10,
  liveChanges: 5,
  tokenRounds: 2,
  streams: [1000],
  streamEvents: 300,
  slowWaves: 1,
  scaleSizes: [10, 1000],
  scaleRequests: 50,
};
