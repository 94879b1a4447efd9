package dev.tarn.engine.delta;

/**
 * Which version of which table.
 *
 * @param tableId stays the same as long as the table is not deleted and created anew
 */
public record TableVersion(String tableId, long version) {}
