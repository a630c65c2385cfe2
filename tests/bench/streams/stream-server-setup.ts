/** Of a call: how many milliseconds pass before it is answered. */
export const WAIT = 'X-Bench-Wait';
/** Of a stream: how many milliseconds lie between two events. Without it nothing is sent on the stream. */
export const EVERY = 'X-Bench-Every';
/** In an event: when it was sent, in nanoseconds of the system's monotonic clock. */
export const SENT_AT = 'sentAt';

export interface StreamServerSetup {
  readonly port: number;
}
