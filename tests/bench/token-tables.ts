import { capacitySection } from './call-tables.js';
import { ranged, section } from './markdown-table.js';
import type { TokenScale, TokenSize } from './token-scale.js';

export function tokensSection({ sizes, lookUp }: TokenScale): string {
  const starts = ['start ms', 'of it gate ms', 'start with records ms', 'of it gate ms'];
  const head = ['tokens', 'issue ms', 'revoke ms', ...starts, 'registry RSS MB'];
  const table = section('Tokens', head, sizes.map(sizeRow));
  return [table, capacitySection(lookUp, 'Calls with many tokens')].join('\n');
}

function sizeRow(size: TokenSize): string[] {
  const { tokens, issue, revoke, fresh, filled, residentMegabytes } = size;
  return [
    String(tokens),
    ranged(issue, 1),
    ranged(revoke, 1),
    ...[fresh.ready, fresh.gate, filled.ready, filled.gate].map((ms) => ms.toFixed(0)),
    residentMegabytes.toFixed(0),
  ];
}
