// Prints "PASSED FAILED" of a JSON result of jest; a test file that could not run is one failure.
import { readFileSync } from 'node:fs';

const result = JSON.parse(readFileSync(process.argv[2], 'utf8'));
console.log(result.numPassedTests, result.numFailedTests + result.numRuntimeErrorTestSuites);
