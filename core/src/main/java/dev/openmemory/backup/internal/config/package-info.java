/** What the settings of OpenMemory say: configurations and {@code .env}. */
@NullMarked
package dev.openmemory.backup.internal.config;

import org.jspecify.annotations.NullMarked;
