import type { FolderFindings } from '../../electron/contract/entities/libraries.ts';

/** What the dialog says about a folder, and the button that goes on; `act` is null where there is nothing to do. */
export function folderTexts({ kind, open, folder }: FolderFindings): {
  title: string;
  text: string;
  act: string | null;
} {
  if (open) return { title: 'This library is open', text: 'Its images are the ones you see.', act: null };
  switch (kind) {
    case 'library':
      return {
        title: 'Open this library?',
        text: 'Emulsion shows its images in place of the present ones, also at the next start. Both libraries stay as they are.',
        act: 'Open library',
      };
    case 'empty':
    case 'missing':
      return {
        title: 'Create a library here?',
        text: 'New images are saved there. The present library stays as it is, and you can return to it.',
        act: 'Create library',
      };
    case 'other':
      return {
        title: 'Create a library here?',
        text: 'The folder you chose holds other files, so the library gets a folder of its own. Nothing else there changes.',
        act: 'Create library',
      };
    case 'gone':
      return {
        title: 'This library isn’t there',
        text: 'Images were in this folder before. Connect its disk, or choose the folder that it was moved to. Nothing was changed.',
        act: null,
      };
    case 'unusable':
      return {
        title: 'This folder can’t be used',
        text: `${folder} is a file, or Emulsion isn’t allowed to read it. Nothing was changed.`,
        act: null,
      };
  }
}
