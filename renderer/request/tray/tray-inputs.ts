import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import type { Input } from '../../../electron/contract/entities/requests.ts';
import type { InputFacts } from '../../../electron/contract/rules/input-rules.ts';

/** The inputs that a tray holds, by role. */
export interface TrayInputs {
  /** References in order; no image twice. */
  images: readonly InputImage[];
  mask: InputImage | null;
  markup: InputImage | null;
}

/** The inputs as they are sent, in order. */
export function toInputs(held: TrayInputs): Input[] {
  return inOrder(held).map(({ role, input: { sha256, image, changes } }) => ({
    role,
    sha256,
    image,
    ...(changes.length > 0 && { changes }),
  }));
}

/** The inputs for `checkInputs`, in order. */
export function toFacts(held: TrayInputs): InputFacts[] {
  return inOrder(held).map(({ role, input }) => ({ role, ...input }));
}

/**
 * The inputs of a request, from the library's files. Inputs whose file is unknown are left out.
 * @param known files, in any order
 */
export function fromInputs(inputs: readonly Input[], known: readonly InputImage[]): TrayInputs {
  const found = (role: Input['role']): InputImage[] =>
    inputs
      .filter((input) => input.role === role)
      .flatMap((input) => known.filter(({ sha256 }) => sha256 === input.sha256).map((image) => asUsed(image, input)));
  return { images: uniqueImages(found('image')), mask: found('mask')[0] ?? null, markup: found('markup')[0] ?? null };
}

/** Without duplicates; the first of each stays. */
export function uniqueImages(images: readonly InputImage[]): InputImage[] {
  return images.filter((image, position) => images.findIndex(({ sha256 }) => sha256 === image.sha256) === position);
}

function inOrder({ images, mask, markup }: TrayInputs): { role: Input['role']; input: InputImage }[] {
  return [
    ...images.map((input) => ({ role: 'image' as const, input })),
    ...(mask ? [{ role: 'mask' as const, input: mask }] : []),
    ...(markup ? [{ role: 'markup' as const, input: markup }] : []),
  ];
}

/** The file as this request uses it: another use of the same file may have changed something else. */
function asUsed(file: InputImage, { image, changes }: Input): InputImage {
  return { ...file, image: image ?? file.image, changes: changes ?? file.changes };
}
