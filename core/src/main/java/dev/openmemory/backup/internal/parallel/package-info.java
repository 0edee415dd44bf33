/** Steps that are taken for several things at a time. */
@NullMarked
package dev.openmemory.backup.internal.parallel;

import org.jspecify.annotations.NullMarked;
