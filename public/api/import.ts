import { useMutation } from '@tanstack/react-query';
import type { ImportPreviewView } from '../../registry/operations/import-preview.js';
import { request } from './http';

export type ImportEntry = ImportPreviewView['entries'][number];

/** Reads the configuration of a host, or a `server.json`; nothing is registered. */
export function useImportPreview() {
  return useMutation({
    mutationFn: (text: string) =>
      request<ImportPreviewView>('POST', '/api/import/preview', { body: { text } }),
  });
}
