package dev.tarn.local.check;

import java.util.List;

/**
 * How a test went.
 *
 * @param test the file's path in the project
 * @param differences a line each, none when all is as expected
 */
public record TestResult(String test, List<String> differences) {

    public TestResult {
        differences = List.copyOf(differences);
    }

    public boolean passed() {
        return differences.isEmpty();
    }
}
