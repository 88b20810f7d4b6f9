import * as v from 'valibot';
import {
  ConversionSchema,
  DEFAULT_CONVERSION,
  DEFAULT_SHEET,
  SheetSchema,
  type Conversion,
  type ExportOptions,
  type Sheet,
} from '../../electron/contract/entities/exports.ts';
import { DEFAULT_NAME_PATTERN } from '../../electron/contract/rules/file-names.ts';

const KEY = 'emulsion.export';
const SettingsSchema = v.object({
  folder: v.string(),
  as: v.picklist(['files', 'zip', 'sheet']),
  images: v.picklist(['originals', 'copies', 'converted']),
  conversion: v.optional(ConversionSchema),
  sheet: v.optional(SheetSchema),
  names: v.string(),
});

/** How images were exported last. */
const DEFAULTS: ExportOptions = { folder: '', as: 'files', images: 'originals', names: DEFAULT_NAME_PATTERN };

/** How images are exported; remembered. */
export class ExportSettings {
  #options = $state.raw<ExportOptions>(read());

  get options(): ExportOptions {
    return this.#options;
  }

  get conversion(): Conversion {
    return this.#options.conversion ?? DEFAULT_CONVERSION;
  }

  get sheet(): Sheet {
    return this.#options.sheet ?? DEFAULT_SHEET;
  }

  layOut(sheet: Partial<Sheet>): void {
    this.change({ sheet: { ...this.sheet, ...sheet } });
  }

  convert(conversion: Partial<Conversion>): void {
    this.change({ conversion: { ...this.conversion, ...conversion } });
  }

  change(options: Partial<ExportOptions>): void {
    this.#options = { ...this.#options, ...options };
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#options));
    } catch {
      // Storage is unavailable: it isn't remembered.
    }
  }
}

function read(): ExportOptions {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    return v.is(SettingsSchema, stored) ? stored : DEFAULTS;
  } catch {
    return DEFAULTS;
  }
}
