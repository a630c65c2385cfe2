const DAY_MS = 24 * 60 * 60_000;
/** Time to act: automatic renewals come a month before the end. */
const EXPIRING_DAYS = 14;

/** How a certificate stands in time. Whatever is not `valid` needs somebody to act. */
export type CertificateLife = 'valid' | 'not-yet-valid' | 'expiring' | 'expired';

/** Judges a certificate at the time `now`. */
export function certificateLife(
  { validFrom, validTo }: { readonly validFrom: Date; readonly validTo: Date },
  now: Date,
): CertificateLife {
  if (now < validFrom) return 'not-yet-valid';
  if (now >= validTo) return 'expired';
  return validTo.getTime() - now.getTime() < EXPIRING_DAYS * DAY_MS ? 'expiring' : 'valid';
}
