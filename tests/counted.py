"""Runs the test cases of the program that was started; its last line is what tests/run.sh adds up: "N passed, N failed"."""
import sys
import unittest


def main():
    program = unittest.main(argv=[sys.argv[0]], exit=False, verbosity=1)
    result = program.result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed - len(result.skipped)} passed, {failed} failed", flush=True)
    sys.exit(1 if failed else 0)
