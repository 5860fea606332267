// Runs before each test file; what it imports runs once for the files that share a process.
import './wait-longer.ts';
