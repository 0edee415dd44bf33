/** Whether the memories of a database and the points of a collection belong together. */
@NullMarked
package dev.openmemory.backup.internal.crosscheck;

import org.jspecify.annotations.NullMarked;
