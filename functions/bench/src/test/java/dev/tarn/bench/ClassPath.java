package dev.tarn.bench;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a peer has on its class path: class paths cost time at start. */
final class ClassPath {

    private static final Pattern SHIPPED = Pattern.compile(
            "(classes$|/(shared-model|engine|connect|compiler|postgresql|duckdb_jdbc|delta-kernel-api|RoaringBitmap|shims|jackson-[a-z0-9-]+|azure-[a-z-]+|reactor-core|reactive-streams|"
                    + "slf4j-api|java-uuid-generator)-[0-9][^/]*$)");

    private static final Pattern KERNEL_DEFAULTS = Pattern.compile(
            "(test-classes$|/(delta-kernel-api|delta-kernel-defaults|delta-storage|hadoop-client-api|hadoop-client-runtime|"
                    + "jcl-over-slf4j|parquet-[a-z-]+|jts-core|zstd-jni|snappy-java|RoaringBitmap|shims|jackson-(core|databind|annotations|"
                    + "datatype-jdk8)|slf4j-api)-[0-9][^/]*$)");

    /** DuckDB's jar as it is packaged: without libraries, and the one that is needed beside it. */
    private static final Path DUCKDB = Path.of(System.getProperty("duckdb.jar"));

    private ClassPath() {}

    /** Spark's whole world. */
    static String everything() {
        return System.getProperty("java.class.path");
    }

    /** Only what ships. */
    static String shipped() {
        return Arrays.stream(everything().split(File.pathSeparator))
                .filter(entry -> SHIPPED.matcher(entry).find())
                .map(entry -> entry.endsWith(DUCKDB.getFileName().toString()) ? DUCKDB.toString() : entry)
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Delta Kernel with its own engine: Hadoop's file system and parquet-java. */
    static String kernelDefaults() {
        return Arrays.stream(everything().split(File.pathSeparator))
                .filter(entry -> KERNEL_DEFAULTS.matcher(entry).find())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
