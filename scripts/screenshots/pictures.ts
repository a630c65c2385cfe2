import type { Page } from 'playwright-core';

export interface Picture {
  readonly name: string;
  /** Address below /ui. */
  readonly at: string;
  readonly size?: { readonly width: number; readonly height: number };
  /** Brings the page into the state to show. */
  readonly prepare?: (page: Page) => Promise<void>;
}

const PHONE = { width: 390, height: 844 };
const TALL = { width: 1360, height: 1150 };

/** The pictures, in the order of the console's places. */
export const PICTURES: readonly Picture[] = [
  { name: 'servers', at: '/servers' },
  { name: 'servers-phone', at: '/servers', size: PHONE },
  { name: 'register', at: '/new' },
  { name: 'server', at: '/servers/weather' },
  {
    name: 'run',
    at: '/servers/weather?tab=tools&tool=get_forecast',
    size: TALL,
    prepare: async (page) => {
      await page.getByRole('textbox', { name: 'place' }).fill('Hamburg');
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.getByText('showers').first().waitFor();
      await page.getByRole('textbox', { name: 'place' }).scrollIntoViewIfNeeded();
    },
  },
  { name: 'connect', at: '/servers/github?tab=connect' },
  {
    name: 'tools',
    at: '/tools?q=which+invoices+are+overdue',
    prepare: async (page) => {
      await page.getByText('list_invoices').first().waitFor();
    },
  },
  { name: 'gateway', at: '/gateway' },
  { name: 'access', at: '/access?tab=groups' },
  { name: 'audit', at: '/audit' },
];
