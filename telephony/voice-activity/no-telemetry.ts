/**
 * Imported before onnxruntime-node: its library sends figures about itself to its maker (posix/telemetry.cc of version 1.30), and leaves a file
 * in the folder for temporary files with each process, unless this variable is set when it begins. A PBX talks to nobody.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';
