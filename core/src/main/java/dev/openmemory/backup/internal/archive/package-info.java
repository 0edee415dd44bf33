/**
 * Directory trees as tar archives: written as {@code tar -C directory .} does, read with distrust.
 */
@NullMarked
package dev.openmemory.backup.internal.archive;

import org.jspecify.annotations.NullMarked;
