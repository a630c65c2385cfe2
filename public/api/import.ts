import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ImportPreviewView } from '../../registry/operations/imports/import-preview.js';
import type { ImportResult } from '../../registry/operations/imports/import-servers.js';
import { request } from './http';
import { SERVERS } from './servers';

export type ImportEntry = ImportPreviewView['entries'][number];
export type ImportedServer = ImportResult['results'][number];

/** What a file has, and what an import would make of each, in one order. */
export interface PlannedImport {
  readonly format: ImportPreviewView['format'];
  readonly entries: readonly ImportEntry[];
  readonly results: readonly ImportedServer[];
}

/** Reads the configuration of a host, or a `server.json`; nothing is registered. */
export function useImportPreview() {
  return useMutation({
    mutationFn: async (text: string): Promise<PlannedImport> => {
      const [{ format, entries }, { results }] = await Promise.all([
        request<ImportPreviewView>('POST', '/api/import/preview', { body: { text } }),
        request<ImportResult>('POST', '/api/import', { body: { text, dryRun: true } }),
      ]);
      return { format, entries, results };
    },
  });
}

/** Registers servers, disabled. @returns what became of each, in their order, and what nginx made of it */
export function useImport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (servers: readonly object[]) =>
      request<ImportResult>('POST', '/api/import', {
        body: { text: JSON.stringify({ servers }) },
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: SERVERS }),
  });
}
