/** What a line of the access log says of a call. */
export interface LoggedCall {
  readonly requestId: string;
  readonly principal: string;
  readonly server: string;
  readonly method: string;
  readonly rpcMethod: string;
  readonly rpcName: string;
  readonly status: number;
  readonly begin: number;
  readonly client: string;
}

/** One line of JSON. */
export function logLine({ begin, ...call }: LoggedCall): string {
  const seconds = (performance.now() - begin) / 1000;
  return `${JSON.stringify({ time: new Date().toISOString(), ...call, seconds })}\n`;
}
