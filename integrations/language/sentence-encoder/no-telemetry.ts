/** Imported before onnxruntime-node, as telephony/voice-activity/no-telemetry.ts is, which tells why; an adapter may not import another's file. */
process.env['ORT_DISABLE_TELEMETRY'] = '1';
