import type { FileFormat } from '../catalogue/file-formats.ts';
import { DEFAULT_CONVERSION, type Conversion, type ExportOptions } from '../entities/exports.ts';
import { renderedSvgEdge } from './pixel-limits.ts';

/** Longest edges in pixels that encoders take: libjpeg-turbo's JPEG_MAX_DIMENSION, libwebp's WEBP_MAX_DIMENSION, libvips' heifsave. */
export const MAX_ENCODED_EDGE: Readonly<Record<Conversion['format'], number>> = {
  png: Infinity,
  jpeg: 65_500,
  webp: 16_383,
  avif: 16_384,
};

interface Size {
  width: number;
  height: number;
}

/**
 * Size in pixels of an image after its conversion: its own, or the largest of its shape within the limits, at least 1 pixel each way. Never
 * larger than it is, except drawings, which have no pixels.
 * @param own as displayed; 0 by 0 if unknown, which stays
 */
export function convertedSize(own: Size, format: FileFormat, conversion: Conversion): Size {
  const longest = Math.max(own.width, own.height);
  if (longest === 0) return own;
  const [width, height] = limits(conversion);
  const room = Math.min(width / own.width, height / own.height, MAX_ENCODED_EDGE[conversion.format] / longest);
  const scale = Math.min(format === 'svg' ? renderedSvgEdge(longest) / longest : 1, room);
  const scaled = (side: number): number => Math.max(1, Math.round(side * scale));
  return { width: scaled(own.width), height: scaled(own.height) };
}

function limits({ size, edge, width, height }: Conversion): [width: number, height: number] {
  if (size === 'own') return [Infinity, Infinity];
  return size === 'edge' ? [edge, edge] : [width, height];
}

interface Exported extends Size {
  format: FileFormat;
}

/** What is exported of each image. */
export type ExportForm = Pick<ExportOptions, 'images' | 'conversion'>;

/** Format and size in pixels of the file that is exported of an image. */
export function exportedForm(image: Exported, { images, conversion = DEFAULT_CONVERSION }: ExportForm): Exported {
  const { width, height, format } = image;
  if (images !== 'converted') return { width, height, format };
  return { ...convertedSize({ width, height }, format, conversion), format: conversion.format };
}
