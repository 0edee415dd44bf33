/**
 * Finds plug-ins with java.util.ServiceLoader and says what is wrong with those that do not load.
 */
@NullMarked
package dev.openmemory.backup.internal.plugin;

import org.jspecify.annotations.NullMarked;
