/** A restored backup on trial: a Qdrant that is started on it, asked, and thrown away. */
@NullMarked
package dev.openmemory.backup.internal.drill;

import org.jspecify.annotations.NullMarked;
