import { Download } from 'lucide-react';
import { saveText } from '../api/download.ts';
import { writeCsv } from '../format/write-csv.ts';
import { Button } from './button.tsx';
import { Menu, MenuItem } from './menu.tsx';

interface ExportMenuProps {
  /** Without an ending. */
  readonly filename: string;
  /** What is exported: flat objects that all have the same fields; nothing secret. */
  readonly rows: () => readonly Readonly<Record<string, unknown>>[];
}

/** Saves what a page shows as CSV or JSON. Large lists have an export of the server: put `download(…)` into a menu of your own. */
export function ExportMenu({ filename, rows }: ExportMenuProps) {
  return (
    <Menu trigger={<Button icon={Download}>Export</Button>}>
      <MenuItem onSelect={() => saveText(`${filename}.csv`, writeCsv(rows()), 'text/csv')}>CSV</MenuItem>
      <MenuItem
        onSelect={() => saveText(`${filename}.json`, JSON.stringify(rows(), null, 2), 'application/json')}
      >
        JSON
      </MenuItem>
    </Menu>
  );
}
