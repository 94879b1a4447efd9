/** Reads workbooks of Excel (.xlsx, ISO/IEC 29500) row by row, with the JDK alone; start with {@link Workbook}. */
@NullMarked
package dev.tarn.connect.files.excel;

import org.jspecify.annotations.NullMarked;
