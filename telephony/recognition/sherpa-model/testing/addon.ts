import { createRequire } from 'node:module';

/** Whether sherpa-onnx's package for Node and its part for this machine are there: both are optional. */
export function isAddonInstalled(): boolean {
  const { resolve } = createRequire(import.meta.url);
  try {
    resolve('sherpa-onnx-node');
    resolve(`sherpa-onnx-${process.platform}-${process.arch}`);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'MODULE_NOT_FOUND') return false;
    throw error;
  }
}
