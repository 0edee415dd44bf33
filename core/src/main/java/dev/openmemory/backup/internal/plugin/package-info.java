/** Finds plug-ins with java.util.ServiceLoader and says why a plug-in does not load. */
@NullMarked
package dev.openmemory.backup.internal.plugin;

import org.jspecify.annotations.NullMarked;
